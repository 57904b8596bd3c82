locals {
  # An id cannot be taken over by who registers a name that became free.
  github_source = join(" && ", compact([
    "assertion.repository == '${var.github_repository}'",
    var.github_repository_id == null ? "" : "assertion.repository_id == '${coalesce(var.github_repository_id, "0")}'",
  ]))

  # pull_request_target runs with the base branch's name on a stranger's words: it is not among these.
  github_publishes = join(" && ", compact([
    "assertion.event_name in ['push', 'release', 'workflow_dispatch']",
    "(assertion.ref == 'refs/heads/${var.github_branch}' || assertion.ref.startsWith('refs/tags/v'))",
    var.github_environment == null ? "" : "has(assertion.environment) && assertion.environment == '${coalesce(var.github_environment, "-")}'",
  ]))

  # By hand, on the branch, and past the environment's reviewers.
  github_applies = var.github_apply_environment == null ? null : join(" && ", [
    "assertion.event_name == 'workflow_dispatch'",
    "assertion.ref == 'refs/heads/${var.github_branch}'",
    "has(assertion.environment) && assertion.environment == '${coalesce(var.github_apply_environment, "-")}'",
  ])

  # Whoever passes the condition below and is no other pushes images.
  github_may = local.github_applies == null ? "'publish'" : "${local.github_applies} ? 'apply' : 'publish'"

  github_accounts = merge(
    { publish = "GitHub Actions: pushes images", plan = "GitHub Actions: reads for a plan" },
    local.github_applies == null ? {} : { apply = "GitHub Actions: applies Terraform" },
  )
}

resource "google_iam_workload_identity_pool" "github" {
  workload_identity_pool_id = "${var.name}-github"
  display_name              = "GitHub Actions"

  depends_on = [google_project_service.needed]
}

resource "google_iam_workload_identity_pool_provider" "github" {
  # checkov:skip=CKV_GCP_125:repository, event and ref are compared one by one; the subject that is looked for is put together from them
  workload_identity_pool_id          = google_iam_workload_identity_pool.github.workload_identity_pool_id
  workload_identity_pool_provider_id = "github"
  display_name                       = "GitHub Actions"

  attribute_mapping = {
    "google.subject"       = "assertion.sub"
    "attribute.repository" = "assertion.repository"
    "attribute.may"        = "assertion.event_name == 'pull_request' ? 'plan' : ${local.github_may}"
  }

  attribute_condition = "${local.github_source} && (${join(" || ", [for one in compact(["assertion.event_name == 'pull_request'", local.github_publishes, local.github_applies]) : "(${one})"])})"

  oidc {
    issuer_uri = "https://token.actions.githubusercontent.com"
  }
}

resource "google_service_account" "github" {
  for_each = local.github_accounts

  account_id   = "${var.name}-github-${each.key}"
  display_name = each.value

  depends_on = [google_project_service.needed]
}

resource "google_service_account_iam_member" "github" {
  for_each = google_service_account.github

  service_account_id = each.value.name
  role               = "roles/iam.workloadIdentityUser"
  member             = "principalSet://iam.googleapis.com/${google_iam_workload_identity_pool.github.name}/attribute.may/${each.key}"
}

resource "google_artifact_registry_repository_iam_member" "publish" {
  repository = google_artifact_registry_repository.images.name
  location   = var.region
  role       = "roles/artifactregistry.writer"
  member     = google_service_account.github["publish"].member
}

# One by one: the basic role of a viewer would open every bucket, and with it the copies of the database, to a pull request.
resource "google_project_iam_member" "plan" {
  for_each = toset([
    "roles/artifactregistry.reader",
    "roles/certificatemanager.viewer",
    "roles/cloudsql.viewer",
    "roles/compute.viewer",
    "roles/container.viewer",
    "roles/dns.reader",
    "roles/iam.securityReviewer",
    "roles/iam.serviceAccountViewer",
    "roles/iam.workloadIdentityPoolViewer",
    "roles/monitoring.viewer",
    "roles/pubsub.viewer",
    "roles/redis.viewer",
    "roles/secretmanager.viewer",
    "roles/serviceusage.serviceUsageConsumer",
    "roles/storage.bucketViewer",
  ])

  project = var.project_id
  role    = each.value
  member  = google_service_account.github["plan"].member
}

# Who may change who may do what owns the project, however long the list: without github_apply_environment there is no such account.
resource "google_project_iam_member" "apply" {
  # checkov:skip=CKV_GCP_41:it makes the machines and clusters that run as accounts of the project
  # checkov:skip=CKV_GCP_49:it makes the accounts of the project
  for_each = local.github_applies == null ? toset([]) : toset([
    "roles/artifactregistry.admin",
    "roles/certificatemanager.owner",
    "roles/cloudsql.admin",
    "roles/compute.admin",
    "roles/container.admin",
    "roles/dns.admin",
    "roles/iam.serviceAccountAdmin",
    "roles/iam.serviceAccountUser",
    "roles/iam.workloadIdentityPoolAdmin",
    "roles/iap.admin",
    "roles/monitoring.admin",
    "roles/pubsub.admin",
    "roles/redis.admin",
    "roles/resourcemanager.projectIamAdmin",
    "roles/secretmanager.admin",
    "roles/servicenetworking.networksAdmin",
    "roles/serviceusage.serviceUsageAdmin",
    "roles/storage.admin",
  ])

  project = var.project_id
  role    = each.value
  member  = google_service_account.github["apply"].member
}
