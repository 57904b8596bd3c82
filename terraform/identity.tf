resource "google_service_account" "nodes" {
  account_id   = "${var.name}-nodes"
  display_name = "The cluster's nodes"

  depends_on = [google_project_service.needed]
}

resource "google_project_iam_member" "nodes" {
  project = var.project_id
  role    = "roles/container.defaultNodeServiceAccount"
  member  = google_service_account.nodes.member
}

resource "google_artifact_registry_repository_iam_member" "nodes" {
  repository = google_artifact_registry_repository.images.name
  location   = var.region
  role       = "roles/artifactregistry.reader"
  member     = google_service_account.nodes.member
}

# Chat and stream ask Google nothing and have no account: only what brings them their secrets has one.
resource "google_service_account" "secrets" {
  account_id   = "${var.name}-secrets"
  display_name = "External Secrets in the cluster"

  depends_on = [google_project_service.needed]
}

resource "google_secret_manager_secret_iam_member" "secrets" {
  for_each = google_secret_manager_secret.kept

  secret_id = each.value.id
  role      = "roles/secretmanager.secretAccessor"
  member    = google_service_account.secrets.member
}

resource "google_service_account_iam_member" "secrets" {
  service_account_id = google_service_account.secrets.name
  role               = "roles/iam.workloadIdentityUser"
  member             = "serviceAccount:${var.project_id}.svc.id.goog[${var.namespace}/${var.name}-secrets]"

  # The pool of identities comes with the first cluster.
  depends_on = [google_container_cluster.autopilot, google_container_cluster.zonal]
}

# What brings our metrics to the autoscaler, as Google's manifests name it.
resource "google_project_iam_member" "metrics" {
  project = var.project_id
  role    = "roles/monitoring.viewer"
  member  = "principal://iam.googleapis.com/projects/${data.google_project.this.number}/locations/global/workloadIdentityPools/${var.project_id}.svc.id.goog/subject/ns/custom-metrics/sa/custom-metrics-stackdriver-adapter"

  depends_on = [google_container_cluster.autopilot, google_container_cluster.zonal]
}
