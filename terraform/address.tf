# The Gateway names it as a NamedAddress.
resource "google_compute_global_address" "public" {
  name         = var.name
  address_type = "EXTERNAL"
  ip_version   = "IPV4"
  labels       = local.labels

  depends_on = [google_project_service.needed]
}
