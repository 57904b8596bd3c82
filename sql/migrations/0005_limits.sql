-- A forgotten transaction holds old rows visible and makes every counter update walk past them.
do $$ begin
  if current_setting('server_version_num')::int >= 170000 then
    execute format('alter role %I in database %I set transaction_timeout = %L', current_user, current_database(), '30s');
  end if;
end $$;
