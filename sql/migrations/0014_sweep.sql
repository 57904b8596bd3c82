-- By the room's index however many rows the table has: a plan that reads it all is felt by who talks meanwhile.
alter function sweep_expired(bigint, int) set enable_seqscan = off;
alter function sweep_expired(bigint, int) set enable_hashjoin = off;
alter function sweep_expired(bigint, int) set enable_mergejoin = off;
