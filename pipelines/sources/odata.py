"""OData v4 lists (Finance & Operations, Business Central, Dataverse) as endpoints.

The server pages: every answer has `value` and, unless it is the last, `@odata.nextLink` (absolute
or relative, opaque, sent back unchanged with the same headers). The JSON path of the link must be
quoted, else the loader silently reads only page 1.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from dlt.sources.helpers.rest_client.paginators import JSONLinkPaginator

from pipelines.sources.base import Cursor, Endpoint, Instance, declared_fields, iso_text
from pipelines.sources.entra import AUTHORITY, ClientCredentials, client_credentials
from pipelines.sources.http import RetryPolicy

NEXT_LINK = "'@odata.nextLink'"
SELECTOR = "value"
HEADERS = {"OData-MaxVersion": "4.0", "OData-Version": "4.0"}


def odata_endpoint(
    source: str,
    resource: str,
    path: str,
    permission: str,
    select: Sequence[str] | None = None,
    wished: Sequence[str] = (),
    filters: Sequence[str] = (),
    params: dict[str, str] | None = None,
    since: Callable[[datetime], str] | None = None,
    cursor: Cursor | None = None,
    optional: bool = False,
) -> Endpoint:
    """One entity set. `since`: the `$filter` for records changed after a time. `select`: by default
    the declared fields. `wished` fields are left out where the entity does not have them."""
    fixed = dict(params or {})
    select = declared_fields(source, resource) if select is None else select
    wished = tuple(name for name in wished if name not in select)
    if select:
        fixed["$select"] = ",".join([*select, *wished])
    if filters:
        fixed["$filter"] = " and ".join(filters)

    def changed_since(moment: datetime) -> dict[str, str]:
        assert since is not None
        return {"$filter": " and ".join([*filters, since(moment)])}

    return Endpoint(
        resource=resource,
        path=path,
        selector=SELECTOR,
        paginator=partial(JSONLinkPaginator, next_url_path=NEXT_LINK),
        permission=permission,
        params=fixed,
        since=changed_since if since else None,
        cursor=cursor,
        one_record={"$top": "1"},
        optional=optional,
        wished=tuple(wished),
    )


def newer_than(field: str, operator: str = "ge") -> Callable[[datetime], str]:
    return lambda moment: f"{field} {operator} {iso_text(moment)}"


def entra_credential(instance: Instance, scope: str, policy: RetryPolicy) -> ClientCredentials:
    """The Entra application of one instance: `tenant`, `client_id` and the secret."""
    authority = instance.url("authority", AUTHORITY)
    url = f"{authority}/{instance.require('tenant')}/oauth2/v2.0/token"
    return client_credentials(instance, url, policy, scope)
