resource "google_storage_bucket" "backup" {
  # checkov:skip=CKV_GCP_62:Cloud Audit Logs tell who read it; a second bucket of logs would need the same care
  # checkov:skip=CKV_GCP_78:objects are written once under a new name and never changed; soft deletion brings back what was deleted
  name                        = "${var.project_id}-${var.name}-backup"
  location                    = var.backup_location
  storage_class               = "STANDARD"
  labels                      = local.labels
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  force_destroy               = !local.is_production

  # What must be erased must be gone here too: no copy outlives these days.
  lifecycle_rule {
    action {
      type = "Delete"
    }

    condition {
      age = var.backup_days
    }
  }

  soft_delete_policy {
    retention_duration_seconds = 604800
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
