module proofbook.example/echo

go 1.26.0
