resource "google_storage_bucket" "backup" {
  # checkov:skip=CKV_GCP_62:Cloud Audit Logs tell who read it; a second bucket of logs would need the same care
  # checkov:skip=CKV_GCP_78:objects are written once under a new name, by an account that may not delete; versions would outlive erasures
  name                        = "${var.project_id}-${var.name}-backup"
  location                    = var.backup_location
  storage_class               = "STANDARD"
  labels                      = local.labels
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  force_destroy               = !local.is_production

  # What is erased comes back with a copy, and the server remembers for as many days what to erase again:
  # no copy may live longer, not even as a deleted one.
  lifecycle_rule {
    action {
      type = "Delete"
    }

    condition {
      age = var.backup_days
    }
  }

  soft_delete_policy {
    retention_duration_seconds = 0
  }

  # Nor is one deleted sooner, whoever asks for it.
  dynamic "retention_policy" {
    for_each = local.is_production ? [1] : []

    content {
      retention_period = var.backup_days * 86400
    }
  }

  depends_on = [google_project_service.needed]
}

resource "google_storage_bucket_iam_member" "database" {
  # A map and not a set: the names of the roles are known before the machine's account is.
  for_each = local.has_vm ? { write = "roles/storage.objectCreator", read = "roles/storage.objectViewer" } : {}

  bucket = google_storage_bucket.backup.name
  role   = each.value
  member = google_service_account.database[0].member
}
