locals {
  # Drawn anew by every run and written to no state: only a raised version lets it arrive. One local, for it must be
  # the same wherever one run writes it. 244 random bits, from the operating system as a uuid's are.
  database_password = replace("${uuid()}${uuid()}", "-", "")
  database_url      = "postgres://aside:${local.database_password}@${local.database_host}:5432/aside${local.has_cloud_sql ? "?sslmode=require" : ""}"

  generated_secrets = toset(["admin-token", "identity-secret"])
  kept_secrets      = setunion(local.generated_secrets, ["database-password", "database-url", "redis-url"])
}

resource "google_secret_manager_secret" "kept" {
  for_each = local.kept_secrets

  secret_id           = "${var.name}-${each.value}"
  labels              = local.labels
  deletion_protection = local.is_production
  # What was thrown away by mistake can be had back for a week.
  version_destroy_ttl = "604800s"

  replication {
    user_managed {
      replicas {
        location = var.region
      }
    }
  }

  # Secret Manager only says that it is time; docs/runbooks tell what to do then.
  rotation {
    rotation_period    = "${var.secrets_rotation_days * 86400}s"
    next_rotation_time = timeadd(plantimestamp(), "${var.secrets_rotation_days * 24}h")
  }

  topics {
    name = google_pubsub_topic.rotation.id
  }

  depends_on = [google_pubsub_topic_iam_member.rotation]

  lifecycle {
    ignore_changes = [rotation[0].next_rotation_time]
  }
}

# The first of each: later ones are added beside it, for two are read while one is changed.
resource "google_secret_manager_secret_version" "generated" {
  for_each = local.generated_secrets

  secret                 = google_secret_manager_secret.kept[each.value].id
  secret_data_wo         = replace("${uuid()}${uuid()}", "-", "")
  secret_data_wo_version = 1
  deletion_policy        = "ABANDON"
}

resource "google_secret_manager_secret_version" "database_password" {
  secret                 = google_secret_manager_secret.kept["database-password"].id
  secret_data_wo         = local.database_password
  secret_data_wo_version = var.database_password_version
  deletion_policy        = "ABANDON"

  lifecycle {
    create_before_destroy = true
  }
}

resource "google_secret_manager_secret_version" "database_url" {
  secret                 = google_secret_manager_secret.kept["database-url"].id
  secret_data_wo         = local.database_url
  secret_data_wo_version = var.database_password_version
  deletion_policy        = "ABANDON"

  lifecycle {
    create_before_destroy = true
  }
}

# Memorystore draws its own password, and the provider keeps it in the state: one more reason to guard that bucket.
resource "google_secret_manager_secret_version" "redis_url" {
  secret                 = google_secret_manager_secret.kept["redis-url"].id
  secret_data_wo         = local.redis_url
  secret_data_wo_version = local.has_memorystore ? 2 : 1
  deletion_policy        = "ABANDON"

  lifecycle {
    create_before_destroy = true
  }
}

resource "google_pubsub_topic" "rotation" {
  # checkov:skip=CKV_GCP_83:it says which secret is old and holds none; Google's own keys encrypt it
  name   = "${var.name}-secret-rotation"
  labels = local.labels

  message_storage_policy {
    allowed_persistence_regions = [var.region]
  }

  depends_on = [google_project_service.needed]
}

resource "google_pubsub_subscription" "rotation" {
  name                       = "${var.name}-secret-rotation"
  topic                      = google_pubsub_topic.rotation.id
  labels                     = local.labels
  message_retention_duration = "604800s"

  expiration_policy {
    ttl = ""
  }
}

resource "google_pubsub_topic_iam_member" "rotation" {
  topic  = google_pubsub_topic.rotation.id
  role   = "roles/pubsub.publisher"
  member = "serviceAccount:service-${data.google_project.this.number}@gcp-sa-secretmanager.iam.gserviceaccount.com"
}
