-- update the delivery time of an unchanged file, possibly renamed
{% set same %}
source = $source and instance = $instance and resource = $resource and content_sha256 = $content
{%- endset %}
update raw_load.files set modified_at = greatest(modified_at, $at)
where {{ same }} and (
    path = $path or not exists (from raw_load.files where {{ same }} and path = $path)
)
