# As production is, smaller: what is tried here is what is used there.
environment = "staging"
owner       = "platform"
cost_center = "aside"
project_id  = "aside-staging"
domain      = "staging.aside.example"

region          = "asia-northeast3"
zone            = "asia-northeast3-a"
release_channel = "RAPID"

cluster   = "autopilot"
spot_chat = true

database         = "vm"
database_machine = "e2-small"
backup_location  = "ASIA"
backup_days      = 14
redis            = "in-cluster"

armor = true
cdn   = true

github_repository = "aside-example/aside"
alert_emails      = ["platform@aside.example"]
