locals {
  inner_zone = "${var.name}.internal"
}

resource "google_dns_managed_zone" "public" {
  count = var.dns_zone == null ? 0 : 1

  name        = replace(var.dns_zone, ".", "-")
  dns_name    = "${var.dns_zone}."
  description = "Where the chat is found"
  labels      = local.labels

  dnssec_config {
    state = "on"
  }

  depends_on = [google_project_service.needed]
}

resource "google_dns_record_set" "chat" {
  count = var.dns_zone == null ? 0 : 1

  name         = "${var.domain}."
  managed_zone = google_dns_managed_zone.public[0].name
  type         = "A"
  ttl          = 300
  rrdatas      = [google_compute_global_address.public.address]
}

resource "google_dns_record_set" "certificate" {
  count = var.dns_zone == null ? 0 : 1

  name         = google_certificate_manager_dns_authorization.chat.dns_resource_record[0].name
  managed_zone = google_dns_managed_zone.public[0].name
  type         = google_certificate_manager_dns_authorization.chat.dns_resource_record[0].type
  ttl          = 300
  rrdatas      = [google_certificate_manager_dns_authorization.chat.dns_resource_record[0].data]
}

resource "google_dns_managed_zone" "inner" {
  # checkov:skip=CKV_GCP_16:DNSSEC is for public zones; this one is answered inside the network only
  name        = "${var.name}-internal"
  dns_name    = "${local.inner_zone}."
  description = "Where the chat finds its database"
  visibility  = "private"
  labels      = local.labels

  private_visibility_config {
    networks {
      network_url = google_compute_network.this.id
    }
  }
}

# A short life: after a failover it leads elsewhere.
resource "google_dns_record_set" "database" {
  name         = "${local.database_host}."
  managed_zone = google_dns_managed_zone.inner.name
  type         = "A"
  ttl          = 10
  rrdatas      = [local.database_address]
}
