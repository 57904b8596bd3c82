output "cluster" {
  description = "How kubectl gets to the cluster: by its DNS endpoint, which asks IAM"
  value       = "gcloud container clusters get-credentials ${local.cluster.name} --location ${local.cluster.location} --project ${var.project_id} --dns-endpoint"
}

output "registry" {
  description = "Where images are pushed to and pulled from"
  value       = "${var.region}-docker.pkg.dev/${var.project_id}/${google_artifact_registry_repository.images.repository_id}"
}

output "site" {
  description = "Lines of k8s/overlays/gke-prod/site/site.env, but for BLOGS"
  value = join("\n", [for name, value in {
    HOST            = var.domain
    ADDRESS         = google_compute_global_address.public.name
    CERTIFICATE_MAP = google_certificate_manager_certificate_map.chat.name
    SECURITY_POLICY = var.armor ? google_compute_security_policy.this[0].name : ""
    SSL_POLICY      = google_compute_ssl_policy.modern.name
    DATABASE_CIDR   = "${local.database_address}/32"
    REDIS_CIDR      = local.has_memorystore ? "${google_redis_instance.this[0].host}/32" : ""
    PROJECT         = var.project_id
    SECRETS_ACCOUNT = google_service_account.secrets.email
  } : "${name}=${value}" if value != ""])
}

output "address" {
  description = "The balancer's address"
  value       = google_compute_global_address.public.address
}

output "certificate_record" {
  description = "Record that proves the domain, to be made by hand where dns_zone is null"
  value       = google_certificate_manager_dns_authorization.chat.dns_resource_record
}

output "name_servers" {
  description = "Where the zone is to be delegated to"
  value       = var.dns_zone == null ? [] : google_dns_managed_zone.public[0].name_servers
}

output "cdn" {
  description = "Whether the overlay may turn Cloud CDN on by a GCPHTTPFilter"
  value       = var.cdn
}

output "chat_nodes" {
  description = "nodeSelector of chat's pods; empty without spot nodes"
  value       = var.spot_chat ? { "cloud.google.com/gke-spot" = "true" } : {}
}

output "secrets" {
  description = "Names in Secret Manager, by what they hold"
  value       = { for name, secret in google_secret_manager_secret.kept : name => secret.secret_id }
}

output "backup_bucket" {
  description = "Where copies of the database and its WAL lie"
  value       = google_storage_bucket.backup.name
}

output "database_shell" {
  description = "How an operator opens a shell on the database's machine; null with Cloud SQL"
  value       = local.has_vm ? "gcloud compute ssh ${google_compute_instance.database[0].name} --zone ${var.zone} --project ${var.project_id} --tunnel-through-iap" : null
}

output "redis_authority" {
  description = "Certificate of Memorystore's own authority, for NODE_EXTRA_CA_CERTS; null in the cluster"
  value       = local.has_memorystore ? google_redis_instance.this[0].server_ca_certs[0].cert : null
}

output "github" {
  description = "For the workflows' variables: the provider, and an account for each of what they may do"
  value       = merge({ provider = google_iam_workload_identity_pool_provider.github.name }, { for may, one in google_service_account.github : may => one.email })
}
