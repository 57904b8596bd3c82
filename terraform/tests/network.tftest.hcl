mock_provider "google" {
  source = "./tests/mocks"
}

variables {
  project_id        = "aside-test"
  environment       = "dev"
  owner             = "platform"
  cost_center       = "aside"
  domain            = "chat.example.com"
  github_repository = "example/aside"
  alert_emails      = ["platform@example.com"]
}

run "nodes_have_no_address_and_leave_by_nat" {
  command = plan

  assert {
    condition     = google_container_cluster.autopilot[0].private_cluster_config[0].enable_private_nodes && google_container_cluster.autopilot[0].private_cluster_config[0].enable_private_endpoint
    error_message = "Nodes or the control plane have public addresses."
  }

  assert {
    condition     = google_compute_router_nat.this.source_subnetwork_ip_ranges_to_nat == "ALL_SUBNETWORKS_ALL_IP_RANGES" && google_compute_router_nat.this.nat_ip_allocate_option == "AUTO_ONLY"
    error_message = "Not every address of the network leaves by NAT."
  }

  assert {
    condition     = !google_compute_network.this.auto_create_subnetworks && google_compute_subnetwork.nodes.private_ip_google_access
    error_message = "The network has subnets that nobody asked for, or nodes do not reach Google privately."
  }

  assert {
    condition     = { for one in google_compute_subnetwork.nodes.secondary_ip_range : one.range_name => one.ip_cidr_range } == { pods = var.pods_cidr, services = var.services_cidr }
    error_message = "Pods and services have no ranges of their own."
  }
}

run "only_the_proxy_gets_to_ssh_and_only_pods_to_postgres" {
  command = plan

  assert {
    condition     = google_compute_firewall.ssh[0].source_ranges == toset(["35.235.240.0/20"]) && [for one in google_compute_firewall.ssh[0].allow : one.ports] == [tolist(["22"])]
    error_message = "Somebody else than Identity-Aware Proxy gets to port 22."
  }

  assert {
    condition     = google_compute_firewall.postgres[0].source_ranges == toset([var.pods_cidr]) && [for one in google_compute_firewall.postgres[0].allow : one.ports] == [tolist(["5432"])]
    error_message = "Somebody else than pods gets to port 5432."
  }
}

run "a_zone_lies_in_its_region" {
  command = plan

  variables {
    zone = "europe-west1-b"
  }

  expect_failures = [var.zone]
}
