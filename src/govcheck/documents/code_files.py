"""Which files are code or configuration, by their names: what machines read, not prose."""

_ENDINGS = (
    *("astro", "bash", "c", "cc", "cjs", "cpp", "cs", "cts", "dart", "ex", "exs", "go", "gradle", "groovy", "java"),
    *("js", "jsx", "kt", "kts", "lua", "mjs", "mts", "php", "pl", "ps1", "py", "pyi", "rb", "rs", "scala", "sh"),
    *("svelte", "swift", "ts", "tsx", "vue", "zsh"),
    *("cfg", "conf", "env", "hcl", "htm", "html", "ini", "json", "jsonc", "properties", "tf", "toml", "yaml", "yml"),
)

CODE_FILES: tuple[str, ...] = (
    *(f"**/*.{ending}" for ending in _ENDINGS),
    *("**/.env*", "**/Caddyfile", "**/Dockerfile*", "**/Makefile", "**/Procfile"),
)
"""Globs of them."""
