# What is seen from outside or known to Google alone; everything else is told by Prometheus (k8s/monitoring).
resource "google_monitoring_notification_channel" "email" {
  for_each = var.alert_emails

  display_name = each.value
  type         = "email"
  labels       = { email_address = each.value }
  user_labels  = local.labels

  depends_on = [google_project_service.needed]
}

resource "google_monitoring_uptime_check_config" "chat" {
  display_name = "${var.name} ${var.environment}"
  period       = "60s"
  timeout      = "10s"
  user_labels  = local.labels

  http_check {
    path         = "/healthz"
    port         = 443
    use_ssl      = true
    validate_ssl = true
  }

  monitored_resource {
    type = "uptime_url"

    labels = {
      project_id = var.project_id
      host       = var.domain
    }
  }

  depends_on = [google_project_service.needed]
}

locals {
  channels = [for one in google_monitoring_notification_channel.email : one.id]

  uptime = "resource.type = \"uptime_url\" AND metric.labels.check_id = \"${google_monitoring_uptime_check_config.chat.uptime_check_id}\""

  alerts = merge(
    {
      down = {
        title      = "The chat does not answer from outside"
        runbook    = "error-spike"
        severity   = "CRITICAL"
        filter     = "metric.type = \"monitoring.googleapis.com/uptime_check/check_passed\" AND ${local.uptime}"
        aligner    = "ALIGN_NEXT_OLDER"
        reducer    = "REDUCE_COUNT_FALSE"
        groups     = ["resource.label.host"]
        comparison = "COMPARISON_GT"
        threshold  = 1
        duration   = "120s"
      }
      certificate = {
        title      = "The certificate ends within 14 days"
        runbook    = "certificate"
        severity   = "ERROR"
        filter     = "metric.type = \"monitoring.googleapis.com/uptime_check/time_until_ssl_cert_expires\" AND ${local.uptime}"
        aligner    = "ALIGN_NEXT_OLDER"
        reducer    = "REDUCE_MEAN"
        groups     = ["resource.label.host"]
        comparison = "COMPARISON_LT"
        threshold  = 14
        duration   = "600s"
      }
      rotation = {
        title      = "A secret is to be changed"
        runbook    = "secret-rotation"
        severity   = "WARNING"
        filter     = "metric.type = \"pubsub.googleapis.com/subscription/num_undelivered_messages\" AND resource.type = \"pubsub_subscription\" AND resource.labels.subscription_id = \"${google_pubsub_subscription.rotation.name}\""
        aligner    = "ALIGN_MAX"
        reducer    = "REDUCE_SUM"
        groups     = []
        comparison = "COMPARISON_GT"
        threshold  = 0
        duration   = "0s"
      }
    },
    local.has_vm ? {
      database = {
        title      = "The database's machine is over 80 % busy"
        runbook    = "database-down"
        severity   = "ERROR"
        filter     = "metric.type = \"compute.googleapis.com/instance/cpu/utilization\" AND resource.type = \"gce_instance\" AND resource.labels.instance_id = \"${google_compute_instance.database[0].instance_id}\""
        aligner    = "ALIGN_MEAN"
        reducer    = "REDUCE_MEAN"
        groups     = []
        comparison = "COMPARISON_GT"
        threshold  = 0.8
        duration   = "600s"
      }
    } : {},
    local.has_cloud_sql ? {
      database = {
        title      = "Cloud SQL is over 80 % busy"
        runbook    = "database-down"
        severity   = "ERROR"
        filter     = "metric.type = \"cloudsql.googleapis.com/database/cpu/utilization\" AND resource.type = \"cloudsql_database\" AND resource.labels.database_id = \"${var.project_id}:${google_sql_database_instance.this[0].name}\""
        aligner    = "ALIGN_MEAN"
        reducer    = "REDUCE_MEAN"
        groups     = []
        comparison = "COMPARISON_GT"
        threshold  = 0.8
        duration   = "600s"
      }
    } : {},
  )
}

resource "google_monitoring_alert_policy" "outside" {
  for_each = local.alerts

  display_name          = "${var.name} ${var.environment}: ${each.value.title}"
  combiner              = "OR"
  severity              = each.value.severity
  notification_channels = local.channels
  user_labels           = local.labels

  conditions {
    display_name = each.value.title

    condition_threshold {
      filter          = each.value.filter
      comparison      = each.value.comparison
      threshold_value = each.value.threshold
      duration        = each.value.duration

      aggregations {
        alignment_period     = each.value.aligner == "ALIGN_NEXT_OLDER" ? "1200s" : "60s"
        per_series_aligner   = each.value.aligner
        cross_series_reducer = each.value.reducer
        group_by_fields      = each.value.groups
      }

      trigger {
        count = 1
      }
    }
  }

  documentation {
    mime_type = "text/markdown"
    content   = "See docs/runbooks/${each.value.runbook}.md."
  }
}
