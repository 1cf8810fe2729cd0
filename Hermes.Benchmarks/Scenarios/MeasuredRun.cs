using Hermes.Benchmarks.Homes;
using Hermes.Benchmarks.Load;
using Hermes.Benchmarks.Reporting;
using Hermes.Benchmarks.Serving;

namespace Hermes.Benchmarks.Scenarios;

/// <summary>Everything that is measured on a running server, in the order of the report.</summary>
internal static class MeasuredRun
{
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

        var homes = BenchmarkOptions.Sizes.Where(size => size <= options.Sessions).Select(BenchmarkHome.Get).ToList();
        var usual = homes.LastOrDefault(home => home.Sessions == 10_000) ?? homes[^1];
        Console.WriteLine("publishing the host");
        var jit = await HostBuild.PublishAsync();
        var (aot, problem) = await HostBuild.PublishNativeAsync();

        HostBuild[] builds = aot is null ? [jit] : [jit, aot];
        var report = new Report(options);
        Func<Task>[] scenarios =
        [
            () => EndpointScenario.RunAsync(usual, options, report),
            () => GrowthScenario.RunAsync(homes, options, report),
            () => WriterScenario.RunAsync(usual, options, report),
            () => HealthScenario.RunAsync(usual, options, report),
            () => StartScenario.RunAsync(usual, builds, problem, report),
            () => SoakScenario.RunAsync(usual, builds, options, report),
        ];
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
