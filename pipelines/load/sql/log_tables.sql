create schema if not exists raw_load;
create table if not exists raw_load.files (
    path varchar, source varchar, instance varchar, resource varchar, content_sha256 varchar,
    declaration varchar, byte_count bigint, modified_at timestamp, rows_read bigint,
    rows_loaded bigint, rows_rejected bigint, loaded_at timestamp, load_id varchar
);
create table if not exists raw_load.rejects (
    path varchar, source varchar, instance varchar, resource varchar, record_number bigint,
    record_key varchar, column_name varchar, reason varchar, value varchar,
    loaded_at timestamp, load_id varchar
);
create table if not exists raw_load.resource_loads (
    source varchar, instance varchar, resource varchar, load_id varchar, loaded_at timestamp,
    extracted_at timestamp, origin varchar, outcome varchar, rows_read bigint,
    rows_loaded bigint, rows_rejected bigint, row_count bigint, message varchar
);
-- how far each live resource has been loaded; newest_at is the newest loaded record time (UTC)
create table if not exists raw_load.cursors (
    source varchar, instance varchar, resource varchar, fingerprint varchar,
    newest_at timestamp, row_count bigint, written_at timestamp,
    primary key (source, instance, resource)
);
-- by which rules (a hash) the ids of all rows are spelled; none in an older warehouse
create table if not exists raw_load.spelling (rules varchar);
-- older warehouses lack these columns
alter table raw_load.rejects add column if not exists record_key varchar;
-- whole: what is missing in the load is gone; else its records are merged by key
alter table raw_load.resource_loads add column if not exists is_whole boolean;
-- the declared fields that this file or an earlier one of its resource had
alter table raw_load.files add column if not exists fields varchar[];
