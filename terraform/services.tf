resource "google_project_service" "needed" {
  for_each = toset(concat(
    [
      "artifactregistry.googleapis.com",
      "certificatemanager.googleapis.com",
      "cloudresourcemanager.googleapis.com",
      "compute.googleapis.com",
      "container.googleapis.com",
      "dns.googleapis.com",
      "iam.googleapis.com",
      "iamcredentials.googleapis.com",
      "iap.googleapis.com",
      "logging.googleapis.com",
      "monitoring.googleapis.com",
      "oslogin.googleapis.com",
      "pubsub.googleapis.com",
      "secretmanager.googleapis.com",
      "storage.googleapis.com",
      "sts.googleapis.com",
    ],
    var.budget == null ? [] : ["billingbudgets.googleapis.com"],
    local.has_cloud_sql ? ["sqladmin.googleapis.com"] : [],
    local.has_memorystore ? ["redis.googleapis.com"] : [],
    local.has_peering ? ["servicenetworking.googleapis.com"] : [],
  ))

  service            = each.value
  disable_on_destroy = false
}

data "google_project" "this" {
  project_id = var.project_id
}
