# The balancer's backend belongs to the Gateway's controller: a GCPBackendPolicy of the overlay names this policy, and holds
# the 86,400 s that a WebSocket may live. Frames are not seen here, only requests; words are judged by the server.
resource "google_compute_security_policy" "this" {
  count = var.armor ? 1 : 0

  name        = var.name
  description = "What is stopped before the balancer"

  adaptive_protection_config {
    layer_7_ddos_defense_config {
      enable = true
    }
  }

  rule {
    description = "Known exploits of Log4j and its like"
    priority    = 1000
    action      = "deny(403)"

    match {
      expr {
        expression = "evaluatePreconfiguredWaf('cve-canary', {'sensitivity': 1})"
      }
    }
  }

  rule {
    description = "One address, far above what the server itself would answer"
    priority    = 2000
    action      = "throttle"

    match {
      versioned_expr = "SRC_IPS_V1"

      config {
        src_ip_ranges = ["*"]
      }
    }

    rate_limit_options {
      conform_action = "allow"
      exceed_action  = "deny(429)"
      enforce_on_key = "IP"

      rate_limit_threshold {
        count        = var.armor_requests_per_minute
        interval_sec = 60
      }
    }
  }

  rule {
    description = "Everybody else"
    priority    = 2147483647
    action      = "allow"

    match {
      versioned_expr = "SRC_IPS_V1"

      config {
        src_ip_ranges = ["*"]
      }
    }
  }

  depends_on = [google_project_service.needed]
}
