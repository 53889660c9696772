"""Identity providers that IAM trusts: OpenID Connect (APP.7, DEP.6) and SAML (ENG.7)."""

from collections.abc import Mapping

from awsbasics.collect.shaping import TAGS_COLUMN_TEXT, tags_object
from awsbasics.collect.table import Answer, Caller, Column, FollowUp, Item, Table


def _provider(call: Caller, item: Item) -> Mapping[str, Answer]:
    provider = call.answer(
        "iam",
        "GetOpenIDConnectProvider",
        absent=("NoSuchEntity",),
        expect="Url",
        OpenIDConnectProviderArn=item["Arn"],
    )
    tags = provider.at("Tags")
    return {
        "url": provider.at("Url"),
        "client_ids": provider.at("ClientIDList"),
        "created": provider.at("CreateDate"),
        "tags": Answer("ok", tags_object(tags.value)) if tags.status == "ok" else tags,
    }


TABLES = (
    Table(
        name="iam_oidc_providers",
        description="OpenID Connect providers that roles may trust, such as a pipeline's.",
        service="iam",
        operation="ListOpenIDConnectProviders",
        path="OpenIDConnectProviderList",
        scope="account",
        each=_provider,
        follow_ups=(FollowUp(service="iam", operation="GetOpenIDConnectProvider"),),
        columns=(
            Column("arn", "string", "Arn", "ARN of the provider."),
            Column("url", "string", "", "Its address, without `https://`.", follow_up=True),
            Column("client_ids", "json", "", "List of the audiences it is for.", follow_up=True),
            Column("created", "timestamp", "", "When it was made.", follow_up=True),
            Column("tags", "json", "", TAGS_COLUMN_TEXT, follow_up=True),
        ),
    ),
    Table(
        name="iam_saml_providers",
        description="SAML providers that roles may trust; Identity Center makes some of them.",
        service="iam",
        operation="ListSAMLProviders",
        path="SAMLProviderList",
        scope="account",
        columns=(
            Column("arn", "string", "Arn", "ARN of the provider."),
            Column("created", "timestamp", "CreateDate", "When it was made."),
            Column("valid_until", "timestamp", "ValidUntil", "When its metadata expire."),
        ),
    ),
)
