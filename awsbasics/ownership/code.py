"""Whether tags say that a resource is Terraform's."""

from collections.abc import Mapping

KEYS = frozenset({"terraform", "opentofu"})
PREFIXES = ("tf:", "terraform:")
MANAGER_KEYS = frozenset({"managedby", "managed-by", "managed_by", "managed by"})
MANAGERS = frozenset({"terraform", "opentofu", "tofu", "terragrunt"})

_NO = frozenset({"", "false", "no", "0", "none"})


def terraform_tag(tags: Mapping[str, str]) -> str | None:
    """The key of the first tag by which Terraform, OpenTofu or Terragrunt is known, or None.

    A key `terraform` (unless its value says no) or one that begins with `tf:` or `terraform:`,
    or `ManagedBy` (also with dash, underscore or space) with a tool's name; in any case.
    AWS gives none of these tags by itself: they are conventions of those who write them.
    """
    for key, value in tags.items():
        name, text = key.casefold(), value.strip().casefold()
        says_so = name in KEYS and text not in _NO
        managed = name in MANAGER_KEYS and text in MANAGERS
        if says_so or managed or name.startswith(PREFIXES):
            return key
    return None
