"""One module a kind of policy: its model and its checks. This folder is the registry."""
