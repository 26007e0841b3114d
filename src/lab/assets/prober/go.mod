module proofbook.example/prober

go 1.26.0
