"""Made by `generate` from openapi.yaml; do not edit. Every operation of the contract, as a request that is yet to be sent."""

from .api.administration.add_preload_library import add_preload_library
from .api.administration.get_administration import get_administration
from .api.administration.record_project_version import record_project_version
from .api.administration.remove_project import remove_project
from .api.audit.list_audit_entries import list_audit_entries
from .api.badges.get_badge import get_badge
from .api.documentation.get_contract_json import get_contract_json
from .api.documentation.get_contract_yaml import get_contract_yaml
from .api.documentation.get_reading_page import get_reading_page
from .api.documentation.get_swagger_ui import get_swagger_ui
from .api.downloads.get_download_address import get_download_address
from .api.events.list_events import list_events
from .api.feeds.get_category_feed import get_category_feed
from .api.feeds.get_project_feed import get_project_feed
from .api.feeds.get_releases_feed import get_releases_feed
from .api.following.change_my_subscription import change_my_subscription
from .api.following.delete_my_subscription import delete_my_subscription
from .api.following.follow_category import follow_category
from .api.following.follow_project import follow_project
from .api.following.follow_user import follow_user
from .api.following.list_my_subscriptions import list_my_subscriptions
from .api.identity.create_token import create_token
from .api.identity.get_me import get_me
from .api.identity.list_tokens import list_tokens
from .api.identity.revoke_token import revoke_token
from .api.identity.sign_in import sign_in
from .api.legacy.get_extension_detail import get_extension_detail
from .api.legacy.get_extension_version_detail import get_extension_version_detail
from .api.legacy.get_readme import get_readme
from .api.legacy.list_categories import list_categories
from .api.legacy.list_extensions import list_extensions
from .api.legacy.list_preload_libraries import list_preload_libraries
from .api.legacy.refresh_readme import refresh_readme
from .api.operation.get_liveness import get_liveness
from .api.operation.get_readiness import get_readiness
from .api.operation.get_root import get_root
from .api.operation.get_version import get_version
from .api.owners.accept_invitation import accept_invitation
from .api.owners.decline_invitation import decline_invitation
from .api.owners.invite_owner import invite_owner
from .api.owners.list_invitations import list_invitations
from .api.owners.list_my_invitations import list_my_invitations
from .api.owners.list_owners import list_owners
from .api.owners.remove_owner import remove_owner
from .api.owners.withdraw_invitation import withdraw_invitation
from .api.projects.get_contents import get_contents
from .api.projects.get_project import get_project
from .api.projects.get_project_health import get_project_health
from .api.projects.get_project_version import get_project_version
from .api.projects.list_projects import list_projects
from .api.search.search import search
from .api.search.suggest import suggest
from .api.usage.get_project_downloads import get_project_downloads
from .api.usage.get_project_stats import get_project_stats
from .api.usage.get_registry_stats import get_registry_stats
from .api.usage.list_trending import list_trending
from .api.webhooks.create_webhook import create_webhook
from .api.webhooks.delete_webhook import delete_webhook
from .api.webhooks.enable_webhook import enable_webhook
from .api.webhooks.get_webhook import get_webhook
from .api.webhooks.list_webhook_deliveries import list_webhook_deliveries
from .api.webhooks.list_webhooks import list_webhooks
from .api.webhooks.redeliver_webhook import redeliver_webhook
from .api.webhooks.rotate_webhook_secret import rotate_webhook_secret
from .api.webhooks.test_webhook import test_webhook
from .api.withdrawing.delete_project import delete_project
from .api.withdrawing.delete_version import delete_version
from .api.withdrawing.deprecate_project import deprecate_project
from .api.withdrawing.undeprecate_project import undeprecate_project
from .api.withdrawing.unyank_version import unyank_version
from .api.withdrawing.yank_version import yank_version
from .types import UNSET, Operation, Unset

__all__ = [
    "UNSET",
    "Operation",
    "Unset",
    "list_projects",
    "get_project",
    "get_project_health",
    "get_project_version",
    "get_contents",
    "delete_project",
    "delete_version",
    "yank_version",
    "unyank_version",
    "deprecate_project",
    "undeprecate_project",
    "get_project_stats",
    "get_project_downloads",
    "get_registry_stats",
    "list_trending",
    "search",
    "suggest",
    "get_me",
    "list_tokens",
    "create_token",
    "revoke_token",
    "sign_in",
    "list_my_invitations",
    "accept_invitation",
    "decline_invitation",
    "list_owners",
    "invite_owner",
    "remove_owner",
    "list_invitations",
    "withdraw_invitation",
    "list_audit_entries",
    "get_releases_feed",
    "get_project_feed",
    "get_category_feed",
    "follow_project",
    "follow_category",
    "follow_user",
    "list_my_subscriptions",
    "delete_my_subscription",
    "change_my_subscription",
    "list_events",
    "list_webhooks",
    "create_webhook",
    "get_webhook",
    "delete_webhook",
    "rotate_webhook_secret",
    "enable_webhook",
    "test_webhook",
    "list_webhook_deliveries",
    "redeliver_webhook",
    "get_badge",
    "list_extensions",
    "get_extension_detail",
    "get_extension_version_detail",
    "get_readme",
    "refresh_readme",
    "list_preload_libraries",
    "list_categories",
    "get_download_address",
    "get_administration",
    "record_project_version",
    "add_preload_library",
    "remove_project",
    "get_root",
    "get_liveness",
    "get_version",
    "get_readiness",
    "get_contract_json",
    "get_contract_yaml",
    "get_reading_page",
    "get_swagger_ui",
]
