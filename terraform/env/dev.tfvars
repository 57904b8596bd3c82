# The smallest: what Google's free tier holds, on one spot node more when there is something to say.
environment = "dev"
owner       = "platform"
cost_center = "aside"
project_id  = "aside-dev"
domain      = "dev.aside.example"

region = "us-central1"
zone   = "us-central1-a"

cluster     = "zonal"
zonal_nodes = { min = 2, max = 3 }
spot_chat   = true

database         = "vm"
database_disk_gb = 20
backup_location  = "US"
backup_days      = 7
redis            = "in-cluster"

github_repository = "aside-example/aside"
alert_emails      = ["platform@aside.example"]
