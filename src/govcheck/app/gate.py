"""`gate deploy`: may a deploy start now?"""

KIND = "deploy-window"
