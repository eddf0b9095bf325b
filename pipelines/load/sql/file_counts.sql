select _file_no, count(*), count(*) filter (where _problem is null),
    count(*) filter (where _problem not in {{ no_record }})
from {{ table }} group by all
