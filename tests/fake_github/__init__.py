"""A small, stateful GitHub for tests and demos, on 127.0.0.1 and in the standard library only.

```python
state = State()
state.token("ghp_admin", role="admin")
state.repository("octo/app").protect("main", approvals=2)
with FakeGitHub(state) as github:
    ...  # GITHUB_API_URL=github.url, GH_TOKEN=ghp_admin
    state.repository("octo/app").protect("main", approvals=1)
    assert {request.method for request in github.requests} == {"GET"}
```
"""

from fake_github.clock import Time
from fake_github.log_store import LogStore
from fake_github.server import FakeGitHub, Recorded
from fake_github.state import GITHUB_ACTIONS, Repository, State

__all__ = ["GITHUB_ACTIONS", "FakeGitHub", "LogStore", "Recorded", "Repository", "State", "Time"]
