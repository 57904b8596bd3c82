variable "project_id" {
  description = "Google Cloud project that everything is made in; it must exist and have billing"
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project_id))
    error_message = "A project id has 6 to 30 lower-case letters, digits and hyphens, and begins with a letter."
  }
}

variable "name" {
  description = "What the resources are called, and the label application"
  type        = string
  default     = "aside"

  validation {
    # Service accounts take at most 30 characters, and we append up to 17.
    condition     = can(regex("^[a-z][a-z0-9-]{1,11}[a-z0-9]$", var.name))
    error_message = "The name has 3 to 13 lower-case letters, digits and hyphens, and begins with a letter."
  }
}

variable "environment" {
  description = "Which of the installations this is; prod is protected from deletion"
  type        = string

  validation {
    condition     = contains(["dev", "staging", "prod"], var.environment)
    error_message = "The environment is dev, staging or prod."
  }
}

variable "owner" {
  description = "Label: the team that answers for the installation"
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9_-]{1,63}$", var.owner))
    error_message = "A label's value has 1 to 63 lower-case letters, digits, hyphens and underscores."
  }
}

variable "cost_center" {
  description = "Label: who pays"
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9_-]{1,63}$", var.cost_center))
    error_message = "A label's value has 1 to 63 lower-case letters, digits, hyphens and underscores."
  }
}

variable "data_classification" {
  description = "Label: how what is stored must be treated; readers' words are confidential"
  type        = string
  default     = "confidential"

  validation {
    condition     = contains(["public", "internal", "confidential", "restricted"], var.data_classification)
    error_message = "The data are public, internal, confidential or restricted."
  }
}

variable "region" {
  description = "Region of cluster, registry, secrets and database; the free e2-micro is in us-central1, us-east1 and us-west1 only"
  type        = string
  default     = "us-central1"

  validation {
    condition     = can(regex("^[a-z]+-[a-z]+[0-9]+$", var.region))
    error_message = "A region looks like us-central1."
  }
}

variable "zone" {
  description = "Zone of the database's machine and of a zonal cluster"
  type        = string
  default     = "us-central1-a"

  validation {
    condition     = can(regex("^${var.region}-[a-z]$", var.zone))
    error_message = "The zone must lie in the region, as us-central1-a lies in us-central1."
  }
}

variable "nodes_cidr" {
  description = "Addresses of nodes and of the database's machine"
  type        = string
  default     = "10.10.0.0/20"

  validation {
    condition     = can(cidrhost(var.nodes_cidr, 0)) && try(tonumber(split("/", var.nodes_cidr)[1]) <= 26, false)
    error_message = "The nodes need a range of at least /26, as 10.10.0.0/20."
  }
}

variable "pods_cidr" {
  description = "Addresses of pods; only they reach the database"
  type        = string
  default     = "10.20.0.0/16"

  validation {
    condition     = can(cidrhost(var.pods_cidr, 0)) && try(tonumber(split("/", var.pods_cidr)[1]) <= 21, false)
    error_message = "The pods need a range of at least /21, as 10.20.0.0/16."
  }
}

variable "services_cidr" {
  description = "Addresses of the cluster's services"
  type        = string
  default     = "10.30.0.0/20"

  validation {
    condition     = can(cidrhost(var.services_cidr, 0)) && try(tonumber(split("/", var.services_cidr)[1]) <= 27, false)
    error_message = "The services need a range of at least /27, as 10.30.0.0/20."
  }
}

variable "cluster" {
  description = "autopilot, or zonal: a standard cluster in one zone with small nodes, the free-tier choice"
  type        = string
  default     = "autopilot"

  validation {
    condition     = contains(["autopilot", "zonal"], var.cluster)
    error_message = "The cluster is autopilot or zonal."
  }
}

variable "release_channel" {
  description = "How fast GKE brings new versions to the cluster"
  type        = string
  default     = "REGULAR"

  validation {
    condition     = contains(["RAPID", "REGULAR", "STABLE", "EXTENDED"], var.release_channel)
    error_message = "The release channel is RAPID, REGULAR, STABLE or EXTENDED."
  }
}

variable "zonal_machine" {
  description = "Machine of the zonal cluster's nodes"
  type        = string
  default     = "e2-small"

  validation {
    condition     = can(regex("^[a-z][a-z0-9]*-[a-z0-9-]+$", var.zonal_machine))
    error_message = "A machine looks like e2-small."
  }
}

variable "zonal_nodes" {
  description = "How many nodes the zonal cluster may have"
  type        = object({ min = number, max = number })
  default     = { min = 1, max = 3 }

  validation {
    condition     = var.zonal_nodes.min >= 1 && var.zonal_nodes.max >= var.zonal_nodes.min && var.zonal_nodes.max <= 100
    error_message = "From 1 to 100 nodes, and not fewer at most than at least."
  }
}

variable "spot_chat" {
  description = "Whether chat runs on spot nodes, which Google takes back at a notice of seconds: a reclaimed node is a drain"
  type        = bool
  default     = false
}

variable "database" {
  description = "vm: PostgreSQL in a container on a machine of its own; cloud-sql: Google's"
  type        = string
  default     = "vm"

  validation {
    condition     = contains(["vm", "cloud-sql"], var.database)
    error_message = "The database is vm or cloud-sql."
  }
}

variable "database_machine" {
  description = "Machine of the self-hosted database"
  type        = string
  default     = "e2-micro"

  validation {
    condition     = can(regex("^[a-z][a-z0-9]*-[a-z0-9-]+$", var.database_machine))
    error_message = "A machine looks like e2-micro."
  }
}

variable "database_image" {
  description = "Container image of the self-hosted database; the Debian release belongs in the tag, for another one sorts text in another way"
  type        = string
  default     = "postgres:18-bookworm"

  validation {
    condition     = can(regex("^[a-z0-9./_-]+:1[5-9][a-z0-9.-]*(@sha256:[0-9a-f]{64})?$", var.database_image))
    error_message = "An image of PostgreSQL 15 or newer with its tag, as postgres:18-bookworm."
  }
}

variable "database_disk_gb" {
  description = "Disk of the self-hosted database; it can grow and never shrink"
  type        = number
  default     = 20

  validation {
    condition     = var.database_disk_gb >= 10 && var.database_disk_gb <= 65536 && floor(var.database_disk_gb) == var.database_disk_gb
    error_message = "From 10 to 65,536 GB."
  }
}

variable "database_password_version" {
  description = "Raise it by one and apply: a new password is made. Also after an apply that stopped between the secrets"
  type        = number
  default     = 1

  validation {
    condition     = var.database_password_version >= 1 && floor(var.database_password_version) == var.database_password_version
    error_message = "A whole number from 1."
  }
}

variable "cloud_sql" {
  description = "Version, tier and availability of Cloud SQL, where it is the database"
  type = object({
    version      = optional(string, "POSTGRES_18")
    tier         = optional(string, "db-custom-1-3840")
    availability = optional(string, "ZONAL")
  })
  default = {}

  validation {
    condition     = can(regex("^POSTGRES_1[5-9]$", var.cloud_sql.version)) && can(regex("^db-", var.cloud_sql.tier)) && contains(["ZONAL", "REGIONAL"], var.cloud_sql.availability)
    error_message = "PostgreSQL 15 or newer (POSTGRES_18), a tier such as db-custom-1-3840, and ZONAL or REGIONAL."
  }
}

variable "backup_location" {
  description = "Where copies of the database lie; a multi-region such as US, EU or ASIA survives the region"
  type        = string
  default     = "US"

  validation {
    condition     = can(regex("^([A-Z0-9]+|[A-Z]+-[A-Z]+[0-9]+)$", var.backup_location))
    error_message = "A location of Cloud Storage in capitals: US, EU, ASIA or a region."
  }
}

variable "backup_days" {
  description = "How long copies are kept; the server's BACKUP_DAYS must say the same, or erased words come back with a restore"
  type        = number
  default     = 35

  validation {
    condition     = var.backup_days >= 7 && var.backup_days <= 365 && floor(var.backup_days) == var.backup_days
    error_message = "From 7 to 365 days."
  }
}

variable "operators" {
  description = "Who may open a shell on the database's machine by IAP and OS Login"
  type        = set(string)
  default     = []

  validation {
    condition     = alltrue([for one in var.operators : can(regex("^(user|group):[^@\\s]+@[^@\\s]+$", one))])
    error_message = "Each is user:someone@example.com or group:some@example.com."
  }
}

variable "redis" {
  description = "in-cluster, or memorystore: Google's"
  type        = string
  default     = "in-cluster"

  validation {
    condition     = contains(["in-cluster", "memorystore"], var.redis)
    error_message = "Redis is in-cluster or memorystore."
  }
}

variable "memorystore" {
  description = "Tier and memory of Memorystore, where it is Redis"
  type = object({
    tier      = optional(string, "BASIC")
    memory_gb = optional(number, 1)
  })
  default = {}

  validation {
    condition     = contains(["BASIC", "STANDARD_HA"], var.memorystore.tier) && var.memorystore.memory_gb >= 1 && var.memorystore.memory_gb <= 300
    error_message = "BASIC or STANDARD_HA, with 1 to 300 GB."
  }
}

variable "domain" {
  description = "Host name that readers know the chat by; the host of PUBLIC_URL"
  type        = string

  validation {
    condition     = can(regex("^([a-z0-9]([a-z0-9-]*[a-z0-9])?\\.)+[a-z]{2,}$", var.domain))
    error_message = "A host name such as chat.example.com, without scheme and path."
  }
}

variable "dns_zone" {
  description = "DNS name of a zone to make for the domain, as example.com; null where DNS is kept elsewhere"
  type        = string
  default     = null

  validation {
    condition     = var.dns_zone == null || try(var.domain == var.dns_zone || endswith(var.domain, ".${var.dns_zone}"), false)
    error_message = "The domain must lie in the zone, without a dot at its end."
  }
}

variable "armor" {
  description = "Whether Cloud Armor stands before the balancer"
  type        = bool
  default     = false
}

variable "armor_requests_per_minute" {
  description = "Requests a minute that Cloud Armor takes from one address; many readers may share one"
  type        = number
  default     = 3000

  validation {
    # The server's own REQUESTS_PER_MINUTE must answer first: it says why.
    condition     = var.armor_requests_per_minute >= 600 && var.armor_requests_per_minute <= 10000
    error_message = "From 600, what the server itself allows, to 10,000, what Cloud Armor counts."
  }
}

variable "cdn" {
  description = "Whether Cloud CDN keeps hashed assets and segments; the overlay's filter turns it on, the cluster must be new enough for it"
  type        = bool
  default     = false
}

variable "namespace" {
  description = "Kubernetes namespace of the chat"
  type        = string
  default     = "aside"

  validation {
    condition     = can(regex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", var.namespace))
    error_message = "A Kubernetes namespace."
  }
}

variable "secrets_rotation_days" {
  description = "After how many days Secret Manager says that a secret is to be changed"
  type        = number
  default     = 90

  validation {
    condition     = var.secrets_rotation_days >= 1 && var.secrets_rotation_days <= 90
    error_message = "From 1 to 90 days."
  }
}

variable "github_repository" {
  description = "Repository whose workflows may push images and read a plan, as owner/name"
  type        = string

  validation {
    # It becomes part of a condition: nothing but a name may stand in it.
    condition     = can(regex("^[A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9._-]+$", var.github_repository))
    error_message = "A repository as owner/name."
  }
}

variable "github_branch" {
  description = "Branch whose workflows may push images"
  type        = string
  default     = "main"

  validation {
    condition     = can(regex("^[A-Za-z0-9._/-]+$", var.github_branch))
    error_message = "A branch's name, without refs/heads/."
  }
}

variable "github_environment" {
  description = "GitHub environment that a job must run in to push images; null for any"
  type        = string
  default     = null

  validation {
    condition     = var.github_environment == null || can(regex("^[A-Za-z0-9._-]+$", var.github_environment))
    error_message = "An environment's name."
  }
}

variable "github_apply_environment" {
  description = "GitHub environment, with required reviewers, whose jobs may apply Terraform when started by hand; null for none"
  type        = string
  default     = null

  validation {
    condition     = var.github_apply_environment == null || can(regex("^[A-Za-z0-9._-]+$", var.github_apply_environment))
    error_message = "An environment's name."
  }
}

variable "github_repository_id" {
  description = "The repository's number, which nobody can take over with its name: gh api repos/OWNER/NAME --jq .id"
  type        = string
  default     = null

  validation {
    condition     = var.github_repository_id == null || can(regex("^[0-9]+$", var.github_repository_id))
    error_message = "A number."
  }
}

variable "budget" {
  description = "Billing account and amount a month that is told of at 80, 90 and 100 %; null for none"
  type        = object({ billing_account = string, amount = number, currency = optional(string, "USD") })
  default     = null

  validation {
    condition     = var.budget == null || try(can(regex("^[0-9A-F]{6}-[0-9A-F]{6}-[0-9A-F]{6}$", var.budget.billing_account)) && var.budget.amount >= 1 && floor(var.budget.amount) == var.budget.amount && can(regex("^[A-Z]{3}$", var.budget.currency)), false)
    error_message = "A billing account as 012345-6789AB-CDEF01, a whole amount, and the account's currency."
  }
}

variable "alert_emails" {
  description = "Who is written to when the chat is down, money runs out or a secret is old"
  type        = set(string)

  validation {
    condition     = length(var.alert_emails) > 0 && alltrue([for one in var.alert_emails : can(regex("^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", one))])
    error_message = "At least one e-mail address."
  }
}
