using Hermes.Benchmarks.Homes;
using Hermes.Benchmarks.Load;
using Hermes.Benchmarks.Reporting;

namespace Hermes.Benchmarks.Scenarios;

/// <summary>Everything that is measured on a running server, in the order of the report.</summary>
internal static class MeasuredRun
{
    // 2 million messages.
    private const int SearchedSessions = 100_000;

    public static async Task<int> RunAsync(BenchmarkOptions options)
    {
        if (!OperatingSystem.IsLinux())
        {
            await Console.Error.WriteLineAsync("The figures come from /proc, which only Linux has.");
            return 2;
        }

        if (!Wrk.IsInstalled)
        {
            await Console.Error.WriteLineAsync(Wrk.HowToInstall);
            return 2;
        }

        var home = BenchmarkHome.Get(options.Sessions);
        var report = new Report(options);
        List<Func<Task>> scenarios = [() => EndpointScenario.RunAsync(home, options, report)];
        if (!options.IsQuick)
        {
            scenarios.Add(() => EndpointScenario.RunAsync(
                BenchmarkHome.Get(SearchedSessions), options, report, name => name.StartsWith("search", StringComparison.Ordinal)));
            scenarios.Add(() => GrowthScenario.RunAsync(options, report));
            scenarios.Add(() => HealthScenario.RunAsync(home, options, report));
            scenarios.Add(() => StartScenario.RunAsync(home, report));
            scenarios.Add(() => SoakScenario.RunAsync(home, options, report));
        }

        var file = options.Out ?? Path.Join(Repository.Root, "Hermes.Benchmarks", "RESULTS.md");
        foreach (var scenario in scenarios)
        {
            await scenario();

            // A run takes its time: what is measured stays, whatever comes after.
            await File.WriteAllTextAsync(file, await report.ToMarkdownAsync());
        }

        Console.WriteLine($"written to {file}");
        return 0;
    }
}
