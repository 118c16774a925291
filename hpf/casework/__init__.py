"""Cases (办件): number, state, in-flight exclusion (在途互斥), attachments, progress of long work."""
