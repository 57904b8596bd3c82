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

  # Never what has a tag: a pod that moves pulls its image again, however old it is.
  cleanup_policies {
    id     = "end-what-no-tag-names"
    action = "DELETE"

    condition {
      tag_state  = "UNTAGGED"
      older_than = "7776000s"
    }
  }

  depends_on = [google_project_service.needed]
}
