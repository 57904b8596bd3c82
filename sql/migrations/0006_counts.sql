-- How much was said in a room: the numbers are without holes, so what was deleted is all that must be counted.
create index idx_messages_room_deleted on messages (room_id) where deleted_at is not null;
