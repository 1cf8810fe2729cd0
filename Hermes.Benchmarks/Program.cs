using Hermes.Benchmarks;
using Hermes.Benchmarks.Load;
using Hermes.Benchmarks.Micro;
using Hermes.Benchmarks.Scenarios;
using Hermes.Benchmarks.Serving;

if (BenchmarkOptions.Parse(args) is not { } options)
{
    await Console.Error.WriteLineAsync(BenchmarkOptions.Usage);
    return 2;
}

// The command starts itself again for what has to be a process of its own.
if (options.ServedHome is not null)
{
    return await BenchmarkServer.RunAsync(options.ServedHome);
}

if (options.WrittenHome is not null)
{
    return await Committer.RunAsync(options.WrittenHome);
}

return options.RunsMicro ? MicroBenchmarks.Run(options) : await MeasuredRun.RunAsync(options);
