"""govcheck holds a GitHub repository to the policies that its owners wrote down."""

__version__ = "0.1.0"
