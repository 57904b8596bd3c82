resource "google_artifact_registry_repository" "images" {
  # checkov:skip=CKV_GCP_84:images are public code; Google's own keys encrypt them
  repository_id = var.name
  location      = var.region
  format        = "DOCKER"
  description   = "Images of the server"
  labels        = local.labels

  # A tag that was scanned and signed stays what it was.
  docker_config {
    immutable_tags = true
  }

  vulnerability_scanning_config {
    enablement_config = "INHERITED"
  }

  cleanup_policies {
    id     = "keep-what-may-be-rolled-back-to"
    action = "KEEP"

    most_recent_versions {
      keep_count = 20
    }
  }

  cleanup_policies {
    id     = "end-what-is-old"
    action = "DELETE"

    condition {
      older_than = "7776000s"
    }
  }

  depends_on = [google_project_service.needed]
}
