# Proven by DNS: it can be had before the first reader is sent here.
resource "google_certificate_manager_dns_authorization" "chat" {
  name   = var.name
  domain = var.domain
  labels = local.labels

  depends_on = [google_project_service.needed]
}

resource "google_certificate_manager_certificate" "chat" {
  name   = var.name
  labels = local.labels

  managed {
    domains            = [var.domain]
    dns_authorizations = [google_certificate_manager_dns_authorization.chat.id]
  }
}

# The Gateway names it by the annotation networking.gke.io/certmap.
resource "google_certificate_manager_certificate_map" "chat" {
  name   = var.name
  labels = local.labels

  depends_on = [google_project_service.needed]
}

resource "google_certificate_manager_certificate_map_entry" "chat" {
  name         = var.name
  map          = google_certificate_manager_certificate_map.chat.name
  hostname     = var.domain
  certificates = [google_certificate_manager_certificate.chat.id]
  labels       = local.labels
}

# A GCPGatewayPolicy of the overlay names it.
resource "google_compute_ssl_policy" "modern" {
  name            = var.name
  profile         = "MODERN"
  min_tls_version = "TLS_1_2"

  depends_on = [google_project_service.needed]
}
