"""Which integrations of Alertmanager and Grafana there are, and which of their keys names who is told.

Sources: https://prometheus.io/docs/alerting/latest/configuration/#general-receiver-related-settings and
https://grafana.com/docs/grafana/latest/alerting/configure-notifications/manage-contact-points/
"""

from collections.abc import Mapping

from govcheck.actions.recipient_tokens import Wanted

PEOPLE: Mapping[str, tuple[Wanted, tuple[str, ...]]] = {
    "discord": ("webhook", ("webhook_url", "url")),
    "email": ("email", ("to", "addresses")),
    "googlechat": ("webhook", ("url",)),
    "mattermost": ("webhook", ("webhook_url", "url")),
    "msteams": ("webhook", ("webhook_url", "url")),
    "msteamsv2": ("webhook", ("webhook_url", "url")),
    "prometheus-alertmanager": ("webhook", ("url",)),
    "rocketchat": ("channel", ("channel",)),
    "slack": ("channel", ("channel", "recipient")),
    "teams": ("webhook", ("url",)),
    "webhook": ("webhook", ("url",)),
}
"""The type of an integration to the sort of its recipient, and to the keys that name one."""

WEBHOOK_KEYS = ("api_url", "url", "webhook_url", "service_url", "apiUrl")
"""Keys of the address that an integration posts to, where it names nobody."""

FIXED: Mapping[str, str] = {
    "opsgenie": "api.opsgenie.com",
    "pagerduty": "events.pagerduty.com",
    "pushover": "api.pushover.net",
    "telegram": "api.telegram.org",
    "victorops": "alert.victorops.com",
    "webex": "webexapis.com",
    "wechat": "qyapi.weixin.qq.com",
}
"""The host that an integration of a service posts to, where the configuration gives no other."""
