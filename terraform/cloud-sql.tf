resource "google_sql_database_instance" "this" {
  # checkov:skip=CKV_GCP_6:ssl_mode below refuses what is not encrypted; the check knows only the argument before it
  # checkov:skip=CKV_GCP_55:PostgreSQL's own default, warning, says what is needed
  # checkov:skip=CKV_GCP_79:PostgreSQL 18 by default, which is newer than the check knows
  # checkov:skip=CKV_GCP_109:PostgreSQL's own default, error, says what is needed
  # checkov:skip=CKV_GCP_110:pgAudit would write readers' words into logs
  # checkov:skip=CKV_GCP_111:statements hold readers' words, which are not logged
  # checkov:skip=CKV2_GCP_13:durations of statements come with their words, which are not logged
  count = local.has_cloud_sql ? 1 : 0

  name                = "${var.name}-${var.environment}"
  region              = var.region
  database_version    = var.cloud_sql.version
  deletion_protection = local.is_production

  settings {
    tier                        = var.cloud_sql.tier
    edition                     = "ENTERPRISE"
    availability_type           = var.cloud_sql.availability
    disk_autoresize             = true
    deletion_protection_enabled = local.is_production
    user_labels                 = local.labels

    ip_configuration {
      ipv4_enabled    = false
      private_network = google_compute_network.this.id
      ssl_mode        = "ENCRYPTED_ONLY"
    }

    backup_configuration {
      enabled                        = true
      point_in_time_recovery_enabled = true
      transaction_log_retention_days = 7
      start_time                     = "18:00"
      location                       = lower(var.backup_location)

      backup_retention_settings {
        retained_backups = var.backup_days
        retention_unit   = "COUNT"
      }
    }

    dynamic "database_flags" {
      for_each = toset(["log_checkpoints", "log_connections", "log_disconnections", "log_lock_waits"])

      content {
        name  = database_flags.value
        value = "on"
      }
    }

    maintenance_window {
      day          = 7
      hour         = 19
      update_track = "stable"
    }
  }

  depends_on = [google_service_networking_connection.peering]
}

resource "google_sql_database" "this" {
  count = local.has_cloud_sql ? 1 : 0

  name     = "aside"
  instance = google_sql_database_instance.this[0].name
}

resource "google_sql_user" "this" {
  count = local.has_cloud_sql ? 1 : 0

  name                = "aside"
  instance            = google_sql_database_instance.this[0].name
  password_wo         = local.database_password
  password_wo_version = var.database_password_version
}
