"""What other services' answers and files mean: Fly.io, Supabase, Prometheus, Alertmanager. Pure."""
