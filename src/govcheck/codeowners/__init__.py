"""What CODEOWNERS files mean to GitHub: which one counts, what its lines say, and who owns a path. Pure knowledge.

- `parsing`: `LOCATIONS`, `parse(content)`: rules and skipped lines, each with its place
- `matching`: `Owners(rules)`: who owns one path, or many; the last line that matches decides
- `covering`: whether later lines leave a line anything at all

Source: https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners
"""
