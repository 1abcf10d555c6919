"""Contains all the data models used in inputs/outputs"""

from .audit_entries import AuditEntries
from .audit_entry import AuditEntry
from .audit_entry_detail import AuditEntryDetail
from .cadence import Cadence
from .category import Category
from .configuration import Configuration
from .contents import Contents
from .contents_extension import ContentsExtension
from .contents_file import ContentsFile
from .control import Control
from .control_file import ControlFile
from .deprecation import Deprecation
from .deprecation_request import DeprecationRequest
from .download import Download
from .download_record import DownloadRecord
from .event import Event
from .event_kind import EventKind
from .events import Events
from .extension_detail import ExtensionDetail
from .extension_record import ExtensionRecord
from .extension_summary import ExtensionSummary
from .facet_count import FacetCount
from .get_badge_badge import GetBadgeBadge
from .get_contract_json_response_200 import GetContractJsonResponse200
from .get_project_downloads_by import GetProjectDownloadsBy
from .get_project_downloads_granularity import GetProjectDownloadsGranularity
from .health import Health
from .health_database import HealthDatabase
from .health_fact import HealthFact
from .health_fact_fact import HealthFactFact
from .health_object_store import HealthObjectStore
from .health_status import HealthStatus
from .health_word import HealthWord
from .invitation import Invitation
from .invitation_request import InvitationRequest
from .invitations import Invitations
from .list_trending_window import ListTrendingWindow
from .loadable_library import LoadableLibrary
from .me import Me
from .metadata import Metadata
from .metadata_configuration import MetadataConfiguration
from .metadata_library import MetadataLibrary
from .metadata_system_dependencies import MetadataSystemDependencies
from .new_token import NewToken
from .new_webhook import NewWebhook
from .owner import Owner
from .platform import Platform
from .problem import Problem
from .problem_code import ProblemCode
from .problem_field import ProblemField
from .program import Program
from .project_downloads import ProjectDownloads
from .project_downloads_granularity import ProjectDownloadsGranularity
from .project_extension import ProjectExtension
from .project_health import ProjectHealth
from .project_owner import ProjectOwner
from .project_owners import ProjectOwners
from .project_state import ProjectState
from .project_stats import ProjectStats
from .project_version import ProjectVersion
from .project_version_record import ProjectVersionRecord
from .registry_part import RegistryPart
from .registry_stats import RegistryStats
from .removal import Removal
from .scope import Scope
from .search_facets import SearchFacets
from .search_facets_relation import SearchFacetsRelation
from .search_fragment import SearchFragment
from .search_item import SearchItem
from .search_result import SearchResult
from .search_sort import SearchSort
from .search_total import SearchTotal
from .search_total_relation import SearchTotalRelation
from .shared_object import SharedObject
from .subscription import Subscription
from .subscription_asked import SubscriptionAsked
from .subscription_change import SubscriptionChange
from .subscription_request import SubscriptionRequest
from .subscriptions import Subscriptions
from .suggestion import Suggestion
from .suggestions import Suggestions
from .system_dependencies import SystemDependencies
from .token import Token
from .token_request import TokenRequest
from .tokens import Tokens
from .trending import Trending
from .trending_project import TrendingProject
from .trending_window import TrendingWindow
from .update_path import UpdatePath
from .usage_point import UsagePoint
from .usage_series import UsageSeries
from .usage_trend import UsageTrend
from .usage_windows import UsageWindows
from .version_state import VersionState
from .waiting_projects import WaitingProjects
from .webhook import Webhook
from .webhook_attempt import WebhookAttempt
from .webhook_deliveries import WebhookDeliveries
from .webhook_delivery import WebhookDelivery
from .webhook_delivery_state import WebhookDeliveryState
from .webhook_ping import WebhookPing
from .webhook_ping_kind import WebhookPingKind
from .webhook_request import WebhookRequest
from .webhooks import Webhooks
from .yank import Yank
from .yank_request import YankRequest

__all__ = (
    "AuditEntries",
    "AuditEntry",
    "AuditEntryDetail",
    "Cadence",
    "Category",
    "Configuration",
    "Contents",
    "ContentsExtension",
    "ContentsFile",
    "Control",
    "ControlFile",
    "Deprecation",
    "DeprecationRequest",
    "Download",
    "DownloadRecord",
    "Event",
    "EventKind",
    "Events",
    "ExtensionDetail",
    "ExtensionRecord",
    "ExtensionSummary",
    "FacetCount",
    "GetBadgeBadge",
    "GetContractJsonResponse200",
    "GetProjectDownloadsBy",
    "GetProjectDownloadsGranularity",
    "Health",
    "HealthDatabase",
    "HealthFact",
    "HealthFactFact",
    "HealthObjectStore",
    "HealthStatus",
    "HealthWord",
    "Invitation",
    "InvitationRequest",
    "Invitations",
    "ListTrendingWindow",
    "LoadableLibrary",
    "Me",
    "Metadata",
    "MetadataConfiguration",
    "MetadataLibrary",
    "MetadataSystemDependencies",
    "NewToken",
    "NewWebhook",
    "Owner",
    "Platform",
    "Problem",
    "ProblemCode",
    "ProblemField",
    "Program",
    "ProjectDownloads",
    "ProjectDownloadsGranularity",
    "ProjectExtension",
    "ProjectHealth",
    "ProjectOwner",
    "ProjectOwners",
    "ProjectState",
    "ProjectStats",
    "ProjectVersion",
    "ProjectVersionRecord",
    "RegistryPart",
    "RegistryStats",
    "Removal",
    "Scope",
    "SearchFacets",
    "SearchFacetsRelation",
    "SearchFragment",
    "SearchItem",
    "SearchResult",
    "SearchSort",
    "SearchTotal",
    "SearchTotalRelation",
    "SharedObject",
    "Subscription",
    "SubscriptionAsked",
    "SubscriptionChange",
    "SubscriptionRequest",
    "Subscriptions",
    "Suggestion",
    "Suggestions",
    "SystemDependencies",
    "Token",
    "TokenRequest",
    "Tokens",
    "Trending",
    "TrendingProject",
    "TrendingWindow",
    "UpdatePath",
    "UsagePoint",
    "UsageSeries",
    "UsageTrend",
    "UsageWindows",
    "VersionState",
    "WaitingProjects",
    "Webhook",
    "WebhookAttempt",
    "WebhookDeliveries",
    "WebhookDelivery",
    "WebhookDeliveryState",
    "WebhookPing",
    "WebhookPingKind",
    "WebhookRequest",
    "Webhooks",
    "Yank",
    "YankRequest",
)
