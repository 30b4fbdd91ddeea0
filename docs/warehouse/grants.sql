-- For PostgreSQL, once, by an administrator of the database `club`, in it. The log is `app.events` and `app.members`.
CREATE ROLE pointbook_reader LOGIN; -- evaluates into files, compares
CREATE ROLE pointbook_writer LOGIN; -- evaluates into tables, every night
CREATE ROLE dashboards; -- whatever reads results

-- Reading. TEMPORARY can be left out for the reader, who then takes two to three times as long.
GRANT CONNECT, TEMPORARY ON DATABASE club TO pointbook_reader, pointbook_writer;
GRANT USAGE ON SCHEMA app TO pointbook_reader, pointbook_writer;
GRANT SELECT ON app.events, app.members TO pointbook_reader, pointbook_writer;

-- Writing, into a schema of its own: the writer owns the tables of results, and no others.
CREATE SCHEMA points;
GRANT USAGE, CREATE ON SCHEMA points TO pointbook_writer;

-- Reading results, also of tables that are made later.
GRANT USAGE ON SCHEMA points TO dashboards;
ALTER DEFAULT PRIVILEGES FOR ROLE pointbook_writer IN SCHEMA points GRANT SELECT ON TABLES TO dashboards;
