# The smallest: a zonal cluster and an e2-micro in a region where Google has a free tier; chat on spot nodes.
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
