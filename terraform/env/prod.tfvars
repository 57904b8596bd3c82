environment = "prod"
owner       = "platform"
cost_center = "aside"
project_id  = "aside-prod"
domain      = "chat.aside.example"
dns_zone    = "aside.example"

region          = "asia-northeast3"
zone            = "asia-northeast3-a"
release_channel = "STABLE"

cluster   = "autopilot"
spot_chat = false

database        = "cloud-sql"
cloud_sql       = { tier = "db-custom-2-7680", availability = "REGIONAL" }
backup_location = "ASIA"
backup_days     = 35
redis           = "memorystore"
memorystore     = { tier = "STANDARD_HA", memory_gb = 1 }

armor = true
cdn   = true

github_repository  = "aside-example/aside"
github_environment = "production"
alert_emails       = ["platform@aside.example"]
