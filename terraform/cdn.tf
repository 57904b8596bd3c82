# The balancer belongs to the Gateway's controller: a GCPHTTPFilter of the overlay turns Cloud CDN on for the paths of
# hashed assets and segments. What is ours is a cluster that knows this kind: from this version on, by GKE's documentation.
locals {
  cluster_version = var.cdn ? "1.35.2-gke.1751000" : null
}
