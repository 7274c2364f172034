// Prints what /metrics says of the samples: for tests that read it as others do.
#include "engine/serve/metrics/scrape.hpp"
#include "tests/serve/meter_samples.hpp"

#include <cstdio>

int main()
{
    checkwatches::serve::meters counted;
    checkwatches::test::count_samples(counted);
    std::fputs(checkwatches::serve::scrape(counted, checkwatches::test::sample_snapshot()).c_str(), stdout);
}
