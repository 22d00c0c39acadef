"""What a custom policy judges: single nodes (a file, a job, a ruleset), and the conditions that they are held to.

`shapes` says which nodes there are, `conditions` holds one to a schema or an expression, `judging` a policy to many,
`examples` runs those of a policy. `files`, `workflows`, `live` and `requests` make nodes of facts.
"""
