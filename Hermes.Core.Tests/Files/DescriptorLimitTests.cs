using Hermes.Core.Files;
using Hermes.Core.Tests.Support;

namespace Hermes.Core.Tests.Files;

public sealed class DescriptorLimitTests
{
    private readonly DescriptorLimit _limit = new(2);
    private int _opened;

    [LinuxFact]
    public void TryOpen_AsManyAsMayBe_OpensNoMore()
    {
        using var first = TryOpen();
        using var second = TryOpen();

        Assert.Null(TryOpen());
        Assert.Equal(2, _opened);
    }

    [LinuxFact]
    public void TryOpen_AfterOneWasClosed_OpensAgain()
    {
        using var first = TryOpen();
        TryOpen()!.Dispose();

        using var another = TryOpen();

        Assert.NotNull(another);
        Assert.Null(TryOpen());
    }

    [LinuxFact]
    public void TryOpen_ThatFails_DoesNotCount()
    {
        for (var attempt = 0; attempt < 5; attempt++)
        {
            Assert.Null(_limit.TryOpen(0, _ => -1));
        }

        using var opened = TryOpen();
        Assert.NotNull(opened);
    }

    private System.Runtime.InteropServices.SafeHandle? TryOpen() => _limit.TryOpen(this, static test =>
    {
        test._opened++;
        using var file = File.OpenHandle("/dev/null");
        var descriptor = (int)file.DangerousGetHandle();
        file.SetHandleAsInvalid();
        return descriptor;
    });
}
