"""HTTP: routes, pages, caching and errors of the service; everything else happens in argmap."""
