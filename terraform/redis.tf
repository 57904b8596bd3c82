locals {
  # In the cluster Redis is an affair of the overlay.
  redis_url = local.has_memorystore ? "rediss://:${google_redis_instance.this[0].auth_string}@${google_redis_instance.this[0].host}:${google_redis_instance.this[0].port}" : "redis://redis:6379"
}

resource "google_redis_instance" "this" {
  count = local.has_memorystore ? 1 : 0

  name                    = var.name
  region                  = var.region
  tier                    = var.memorystore.tier
  memory_size_gb          = var.memorystore.memory_gb
  redis_version           = "REDIS_7_2"
  authorized_network      = google_compute_network.this.id
  connect_mode            = "PRIVATE_SERVICE_ACCESS"
  auth_enabled            = true
  transit_encryption_mode = "SERVER_AUTHENTICATION"
  labels                  = local.labels

  maintenance_policy {
    weekly_maintenance_window {
      day = "SUNDAY"

      start_time {
        hours   = 19
        minutes = 0
      }
    }
  }

  depends_on = [google_service_networking_connection.peering]
}
